"""`plein evaluate`: the product's own judgement, scored on labelled data from outside."""
