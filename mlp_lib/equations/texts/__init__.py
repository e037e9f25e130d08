"""What people type and paste, brought to the spelling that is parsed."""
