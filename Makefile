# Everything here needs Node.js with npm, of any version from 20 on: the project brings its own Node.js.

NODE := node_modules/.bin/node
NPM := npm --no-audit --no-fund
INSTALLED := node_modules/.package-lock.json
ASSETS := $(or $(KUBEBUILDER_ASSETS),/usr/local/kubebuilder/bin)

.PHONY: help run test e2e build bench clean
.DEFAULT_GOAL := help

help:
	@echo 'make run     build aloft, start it, and send it a Pod: https://localhost:8443'
	@echo 'make test    run every check: format, lint, types, tests, docs'
	@echo 'make e2e     try aloft against a real kube-apiserver'
	@echo 'make build   install what is needed, and compile to dist/'
	@echo 'make bench   compare aloft with a bare HTTPS server on this machine'
	@echo 'make clean   remove what was installed and built; certs/ stays'

run: build
	@$(NODE) scripts/try.ts

test: $(INSTALLED)
	@$(NPM) run check
	@echo 'make test: all checks passed'

e2e: $(INSTALLED)
	@for program in etcd kube-apiserver kube-controller-manager kubectl; do \
	  test -x "$(ASSETS)/$$program" || { \
	    echo "make e2e: no $$program in $(ASSETS), where KUBEBUILDER_ASSETS points or should:"; \
	    echo '  setup-envtest brings all but kube-controller-manager, which is on dl.k8s.io'; \
	    exit 2; \
	  }; \
	done
	@echo 'Looking for helm and kustomize, or building them with Go'
	@renderers="$$(scripts/renderers.sh)" && PATH="$$renderers:$$PATH" KUBEBUILDER_ASSETS="$(ASSETS)" $(NPM) run test:e2e
	@echo 'make e2e: all checks passed'

build: $(INSTALLED)
	@echo 'Compiling to dist/'
	@$(NPM) run --silent build

bench: build
	@$(NPM) run --silent bench

clean:
	@echo 'Removing node_modules/, dist/ and coverage/'
	@rm -rf node_modules dist coverage

# npm writes this file at the end of an installation: one that was broken off counts as none.
$(INSTALLED): package-lock.json
	@echo 'Installing what package-lock.json lists to node_modules/ (npm ci)'
	@$(NPM) ci
	@touch $@
