"""What the house looks like, tried: sizes, speech, direction of imports, addresses, documents, packages."""
