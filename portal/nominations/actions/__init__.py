"""Every change to nominations and nominee files, a file for each part."""
