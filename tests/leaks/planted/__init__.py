"""A world with a word planted in everything that somebody must not see, and the table of who may see which word when."""
