module rollcall.test/peer

go 1.19
