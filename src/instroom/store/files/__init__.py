"""Files: delivered ones in the store of the site; on this machine, uploads under way and files that others drop."""
