membership-tier-name-missing = The tier needs a name.
membership-tier-currency-unknown = That is not a currency code. Three letters, such as EUR, USD or JPY.
membership-tier-amount-missing = The tier needs an amount a month or a year.
membership-tier-amount-out-of-range = That amount cannot be charged. It is too small or too large for this currency.
membership-tier-trial-out-of-range = A trial lasts from 1 to 365 days.
membership-tier-unknown = There is no such tier.
