"""Support of victims: a call that becomes a referral, what the person agrees to, and what happens when they do not."""
