"""Forms as data: load a definition, lay it out, write a workbook from it, read one back."""
