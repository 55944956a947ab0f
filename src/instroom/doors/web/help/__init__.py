"""Help: the guides of docs/handleiding and a page for each finding. `scripts/guides.py` makes what stands in them."""
