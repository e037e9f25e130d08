"""What turns the chapters into pages."""
