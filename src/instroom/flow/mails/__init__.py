"""Sends the mails of `news` (product.md E4): each once, after the transaction that wrote it."""
