"""How things are said to people, in Dutch and in English: texts as data, the words for codes, numbers and lists."""
