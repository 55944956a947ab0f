"""What programs are told by webhooks (product.md E4): written in the transaction of what it tells of, signed, sent
after it, and tried again for about three days."""
