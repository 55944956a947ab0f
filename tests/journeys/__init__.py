"""What people do, in a real browser or by the programs that upload."""
