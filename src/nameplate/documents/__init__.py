"""Reading prose (FOI answers, reports, letters) into passages with locators."""
