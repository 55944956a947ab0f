"""A site is backed up while it works, and restored on another machine.

A folder holds one backup, which each run renews:

    manifest.json              what all of this must be; written last, in one step
    database-….sqlite3         or database-….dump, as `pg_dump` writes it
    files/ab/abcd…             delivered files, reports and uploads, each under the SHA-256 of its content
    secret-key                 only where that was asked

The database is copied first and the files after it, so every delivery in the copy has its file. What is new stands
beside what the manifest names until the new manifest takes its place: so the folder holds a whole backup at any moment,
or none yet. For operators: docs/how-to/back-up-and-restore.md.
"""
