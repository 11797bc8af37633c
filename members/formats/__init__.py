"""The biobanks as others read them: lists, catalogues, maps of the site."""
