module kluis.dev/deploy/local/pause

go 1.26.0
