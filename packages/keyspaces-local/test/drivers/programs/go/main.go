// What a program with gocql and AWS's plugin does with Keyspaces: see ../README.md.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sigv4-auth-cassandra-gocql-driver-plugin/sigv4"
	"github.com/gocql/gocql"
	"gopkg.in/inf.v0"
)

const (
	attempts      = 20
	definitionMax = 30 * time.Second
)

type address struct {
	Street string `cql:"street"`
	Zip    int    `cql:"zip"`
}

var (
	keyspace = os.Getenv("DRIVER_KEYSPACE")
	session  *gocql.Session
)

func main() {
	steps := map[string]func() (string, error){
		"connect": connect, "define": define, "schema": schema, "prepared": prepared, "batch": batch, "pages": pages,
		"types": types, "lwt": lwt, "ttl": ttl, "refused": refused, "lost": written("lost"), "throttled": written("throttled"),
	}
	out := json.NewEncoder(os.Stdout)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		detail, err := steps[in.Text()]()
		if err != nil {
			detail = err.Error()
		}
		out.Encode(map[string]any{"step": in.Text(), "ok": err == nil, "detail": detail})
	}
}

// Waits longer from try to try. The driver's own policy asks each host once, and Keyspaces has few: it gives up after as many tries.
type waiting struct {
	*gocql.ExponentialBackoffRetryPolicy
}

func (waiting) GetRetryType(err error) gocql.RetryType {
	switch err.(type) {
	case *gocql.RequestErrWriteTimeout, *gocql.RequestErrReadTimeout:
		return gocql.Retry
	case gocql.RequestError:
		return gocql.Rethrow
	}
	return gocql.RetryNextHost
}

func connect() (string, error) {
	host, port, _ := strings.Cut(os.Getenv("KEYSPACES_ENDPOINT"), ":")
	cluster := gocql.NewCluster(host)
	cluster.Port, _ = strconv.Atoi(port)
	cluster.Authenticator = sigv4.NewAwsAuthenticatorWithRegion(os.Getenv("AWS_REGION"))
	cluster.SslOpts = &gocql.SslOptions{CaPath: os.Getenv("KEYSPACES_CA_FILE"), EnableHostVerification: true}
	cluster.Consistency = gocql.LocalQuorum
	cluster.Timeout = 10 * time.Second
	cluster.ConnectTimeout = 10 * time.Second
	cluster.RetryPolicy = waiting{&gocql.ExponentialBackoffRetryPolicy{NumRetries: attempts, Min: 20 * time.Millisecond, Max: 500 * time.Millisecond}}
	var err error
	if session, err = cluster.CreateSession(); err != nil {
		return "", err
	}
	var name string
	err = session.Query("SELECT cluster_name FROM system.local").Scan(&name)
	return name, err
}

func until(query, wanted string, values ...any) error {
	for deadline := time.Now().Add(definitionMax); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var seen string
		if err := session.Query(query, values...).Scan(&seen); err != nil && !errors.Is(err, gocql.ErrNotFound) {
			return err
		}
		if seen == wanted {
			return nil
		}
	}
	return fmt.Errorf("not %s in time: %s", wanted, query)
}

func define() (string, error) {
	if err := session.Query("CREATE KEYSPACE " + keyspace + " WITH replication = {'class': 'SingleRegionStrategy'}").Exec(); err != nil {
		return "", err
	}
	if err := until("SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?", keyspace, keyspace); err != nil {
		return "", err
	}
	if err := session.Query("CREATE TYPE " + keyspace + ".address (street text, zip int)").Exec(); err != nil {
		return "", err
	}
	if err := until("SELECT status FROM system_schema_mcs.types WHERE keyspace_name = ? AND type_name = 'address'", "ACTIVE", keyspace); err != nil {
		return "", err
	}
	tables := [][2]string{
		{"lines", "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line))"},
		{"things", "(id int PRIMARY KEY, name text, tags set<text>, scores list<int>, amounts map<text, decimal>, home frozen<address>)" +
			" WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}"},
	}
	for _, table := range tables {
		if err := session.Query("CREATE TABLE " + keyspace + "." + table[0] + " " + table[1]).Exec(); err != nil {
			return "", err
		}
	}
	for _, table := range tables {
		if err := until("SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?", "ACTIVE", keyspace, table[0]); err != nil {
			return "", err
		}
	}
	return "ACTIVE", nil
}

func schema() (string, error) {
	metadata, err := session.KeyspaceMetadata(keyspace)
	if err != nil {
		return "", err
	}
	table, found := metadata.Tables["lines"]
	if !found {
		return "", errors.New("no table lines")
	}
	return strings.Join(table.OrderedColumns, " "), nil
}

func insert(invoice string, line int, price *inf.Dec) *gocql.Query {
	return session.Query("INSERT INTO "+keyspace+".lines (invoice, line, price) VALUES (?, ?, ?)", invoice, line, price).Idempotent(true)
}

func rowsOf(iter *gocql.Iter) (string, error) {
	rows, sum := 0, inf.NewDec(0, 2)
	var invoice string
	var line int
	price := new(inf.Dec)
	for iter.Scan(&invoice, &line, &price) {
		rows++
		sum.Add(sum, price)
		price = new(inf.Dec)
	}
	return fmt.Sprintf("%d rows, %s", rows, sum), iter.Close()
}

func prepared() (string, error) {
	for line := 0; line < 10; line++ {
		if err := insert("prepared", line, inf.NewDec(295, 2)).Exec(); err != nil {
			return "", err
		}
	}
	return rowsOf(session.Query("SELECT invoice, line, price FROM "+keyspace+".lines WHERE invoice = ?", "prepared").Iter())
}

func add(batch *gocql.Batch, invoice string, lines int) *gocql.Batch {
	for line := 0; line < lines; line++ {
		batch.Query("INSERT INTO "+keyspace+".lines (invoice, line, price) VALUES (?, ?, ?)", invoice, line, inf.NewDec(25, 2))
	}
	return batch
}

func batch() (string, error) {
	for invoice := 0; invoice < 4; invoice++ {
		if err := session.ExecuteBatch(add(session.NewBatch(gocql.UnloggedBatch), fmt.Sprint("batch", invoice), 30)); err != nil {
			return "", err
		}
	}
	if err := session.ExecuteBatch(add(session.NewBatch(gocql.LoggedBatch), "logged", 2)); err != nil {
		return "", err
	}
	return refusal(session.ExecuteBatch(add(session.NewBatch(gocql.UnloggedBatch), "many", 31)))
}

func pages() (string, error) {
	query := "SELECT invoice, line, price FROM " + keyspace + ".lines WHERE line < 1000 ALLOW FILTERING"
	return rowsOf(session.Query(query).PageSize(7).Iter())
}

func types() (string, error) {
	amounts := map[string]*inf.Dec{"x": inf.NewDec(15, 1)}
	query := "INSERT INTO " + keyspace + ".things (id, name, tags, scores, amounts, home) VALUES (?, ?, ?, ?, ?, ?)"
	if err := session.Query(query, 1, "one", []string{"b", "a"}, []int{3, 1, 2}, amounts, address{"Main St", 8000}).Exec(); err != nil {
		return "", err
	}
	var tags []string
	var scores []int
	var read map[string]*inf.Dec
	var home address
	err := session.Query("SELECT tags, scores, amounts, home FROM "+keyspace+".things WHERE id = ?", 1).Scan(&tags, &scores, &read, &home)
	return fmt.Sprintf("%s %v x=%s %s %d", tags, scores, read["x"], home.Street, home.Zip), err
}

func lwt() (string, error) {
	query := "INSERT INTO " + keyspace + ".things (id, name) VALUES (?, ?) IF NOT EXISTS"
	seen := map[string]any{}
	first, err := session.Query(query, 2, "two").MapScanCAS(map[string]any{})
	if err != nil {
		return "", err
	}
	second, err := session.Query(query, 2, "other").MapScanCAS(seen)
	if err != nil {
		return "", err
	}
	third, err := session.Query("UPDATE "+keyspace+".things SET name = ? WHERE id = ? IF name = ?", "zwei", 2, "two").MapScanCAS(map[string]any{})
	return fmt.Sprint(first, " ", second, " ", seen["name"], " ", third), err
}

func ttl() (string, error) {
	if err := session.Query("INSERT INTO "+keyspace+".things (id, name) VALUES (?, ?) USING TTL ?", 3, "three", 1000).Exec(); err != nil {
		return "", err
	}
	var left int
	if err := session.Query("SELECT ttl(name) FROM "+keyspace+".things WHERE id = ?", 3).Scan(&left); err != nil {
		return "", err
	}
	text, err := refusal(session.Query("INSERT INTO " + keyspace + ".lines (invoice, line) VALUES ('x', 1) USING TTL 1000").Exec())
	return fmt.Sprint(left > 900 && left <= 1000, ": ", text), err
}

func refused() (string, error) {
	one, err := refusal(session.Query("INSERT INTO " + keyspace + ".lines (invoice, line) VALUES ('x', 1)").Consistency(gocql.One).Exec())
	if err != nil {
		return "", err
	}
	var rows int
	count, err := refusal(session.Query("SELECT count(*) FROM " + keyspace + ".lines").Scan(&rows))
	return one + "; " + count, err
}

// The text of the server's refusal, of the kind that says that the request is invalid.
func refusal(err error) (string, error) {
	var answer gocql.RequestError
	if !errors.As(err, &answer) || answer.Code() != gocql.ErrCodeInvalid {
		return "", fmt.Errorf("expected a refusal, got %v (%v)", err, reflect.TypeOf(err))
	}
	return answer.Message(), nil
}

func isLost(err error) bool {
	var refused gocql.RequestError
	return err != nil && !errors.As(err, &refused)
}

// 100 rows, written with the driver's own retries, while connections end or capacity lacks.
func written(invoice string) func() (string, error) {
	return func() (string, error) {
		for line := 0; line < 100; line++ {
			err := insert(invoice, line, inf.NewDec(1, 0)).Exec()
			// The driver has asked each host once, those without a connection not even that.
			for attempt := 0; isLost(err) && attempt < attempts; attempt++ {
				time.Sleep(100 * time.Millisecond)
				err = insert(invoice, line, inf.NewDec(1, 0)).Exec()
			}
			if err != nil {
				return "", err
			}
		}
		var rows string
		err := errors.New("not read")
		for attempt := 0; err != nil && attempt < attempts; attempt++ {
			rows, err = rowsOf(session.Query("SELECT invoice, line, price FROM "+keyspace+".lines WHERE invoice = ?", invoice).Idempotent(true).Iter())
		}
		return rows, err
	}
}
