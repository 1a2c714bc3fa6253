.PHONY: verify

# Every test, then the checks of a system that runs.
verify:
	npm test
	npm run verify
