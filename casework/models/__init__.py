"""Tables only. Confidential columns hold ciphertext and nothing else."""
