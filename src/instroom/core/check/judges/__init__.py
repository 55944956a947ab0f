"""Judges one value by the type of its column: could it be right?"""
