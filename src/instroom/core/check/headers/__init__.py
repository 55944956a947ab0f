"""Do the headers of the file agree with the layout, and do they stand there once?"""
