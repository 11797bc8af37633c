"""The cookie notice: its words, their versions, and who publishes them."""
