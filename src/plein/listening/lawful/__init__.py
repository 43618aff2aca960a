"""What makes listening lawful: for what, on which article of law, who says yes, and until when."""
