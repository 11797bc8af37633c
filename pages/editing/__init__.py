"""What the screens of editors do beyond what Wagtail has them do."""
