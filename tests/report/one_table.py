"""A page with one table."""

from backprop.report.pages import Section, page_of


def table_page(table, title, sentences=(), *, listing="", **options):
    return page_of(title, [Section(table, title, sentences, **options)], listing)
