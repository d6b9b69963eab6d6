"""The only room that knows Flask: guard, forms, screens."""
