"""The page: who may talk to it, what it shows, what people do on it."""
