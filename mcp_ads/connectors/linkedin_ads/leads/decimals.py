"""How finely a currency is divided: values are only reported, so ISO 4217 says it and no rule of billing."""

from decimal import Decimal

UNDIVIDED = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
IN_THOUSAND = "BHD IQD JOD KWD LYD OMR TND"


def in_whole(amount: Decimal, currency: str) -> None:
    """Raise ValueError for an amount with more decimals than its currency has."""
    decimals = 0 if currency in UNDIVIDED else 3 if currency in IN_THOUSAND else 2
    if amount != round(amount, decimals):
        raise ValueError(f"{currency} has {decimals or 'no'} decimals")
