"""The language in which a communication adviser says what to listen to.

tree       what a query is
parsing    from text to tree; errors that say where and what to do
writing    from tree to text, so that both say the same
linting    what will disappoint, said before it does
simple     the form for who does not want to type a query
"""
