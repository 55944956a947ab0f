"""A whole site in use for half an hour: does it answer in time, without errors, and without growing?"""
