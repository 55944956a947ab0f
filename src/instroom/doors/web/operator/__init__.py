"""Pages for operators: overview, audit log, mails, settings, training."""
