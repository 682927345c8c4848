"""The school directory: how names are read and searched, files of schools, what a file would change. Mostly pure."""
