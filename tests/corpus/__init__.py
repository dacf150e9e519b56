"""Planted bad questions and good ones, with what is true of each, and how a channel would meet them."""
