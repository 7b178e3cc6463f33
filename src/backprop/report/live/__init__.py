"""What the page on which networks train knows of a study: one JSON document.

The page is a package of its own, in the folder ``page``, whose ``study.schema.json`` declares the
document. ``page.html`` is the page as that package builds it.
"""
