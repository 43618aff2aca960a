"""The upper floor of Plein: rows, pages and workers, with Django.

The same rooms as on the ground floor, in the same order, and the front (`site`) that composes
them. A room may import from the ground floor and from rooms to its left.
"""
