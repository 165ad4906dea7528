"""Brands, their Stores, and the library of images and videos that ads are made of."""
