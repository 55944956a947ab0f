"""A customer moves from one site to another, with its files, its history and what waits.

    old site   leaving.write_bundle    the customer is closed, and a bundle holds all of it
    new site   arriving.take_in        all of it is here, closed too; the bundle gets a receipt
    old site   leaving.finish          with the receipt: nothing of it is here any more; the bundle gets the release
    new site   arriving.open_customer  with the release: it goes on here

A release is given for one receipt alone, after the customer is gone: at most one site is ever open. Until then either
site can cancel. Each step can be killed at any moment and done again. For operators: docs/how-to/move-a-customer.md.
"""
