"""The mail of the day, for who looks in once a day.

gathering   what there is to tell, from the rows
wording     that in sentences with links, in the reader's language
mailing     the worker: claim, make, send
choosing    who wants it, and when
"""
