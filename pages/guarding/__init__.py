"""What Wagtail's own screens would list or store for anybody: asked before they answer."""
