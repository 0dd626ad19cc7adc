module trimtab.dev/pause

go 1.26
