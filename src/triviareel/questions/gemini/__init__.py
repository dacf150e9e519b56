"""Questions written by Gemini, and checked before anything is made of them."""
