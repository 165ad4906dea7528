"""Requests and answers: pages, flows, retries, pace, secrets, and the time a call has."""
