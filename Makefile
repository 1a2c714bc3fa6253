.PHONY: verify

# Every test, then the checks of a system that runs. npm brings the Node that both need.
verify:
	npm test
	npm exec --call='node scripts/verify.ts'
