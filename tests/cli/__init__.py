"""The `casework` command, as whole processes."""
