"""Log-in, one-time links, the account and its second factor."""
