"""The documentation as a site: `python -m docs_site` builds it into site/.

The documents of docs/ are put together with a reference that is made from the declarations, and with pictures
that are taken of the sandbox. It is no part of the package, and nothing that it makes is committed.
"""
