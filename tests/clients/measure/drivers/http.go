// Go's net/http with its defaults; for the scenarios of measure.py and for the random chains of tests/clients_live.rs.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
	"time"
)

type scenario struct {
	Method    string      `json:"method"`
	URL       string      `json:"url"`
	Headers   [][2]string `json:"headers"`
	Fields    [][2]string `json:"fields"` // as the random chains call them
	Auth      []string    `json:"auth"`
	Body      *string     `json:"body"`
	CookieJar bool        `json:"cookie_jar"`
}

type ending struct {
	Status *int   `json:"status"`
	OK     bool   `json:"ok"`
	Error  string `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		end := ending{OK: true}
		if status, err := run(line); err == nil {
			end.Status = &status
		} else {
			end = ending{Error: err.Error()}
		}
		text, _ := json.Marshal(end)
		fmt.Println(string(text))
	}
}

func run(line []byte) (int, error) {
	var asked scenario
	if err := json.Unmarshal(line, &asked); err != nil {
		return 0, err
	}
	request, err := request(asked)
	if err != nil {
		return 0, err
	}
	client := http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}
	if asked.CookieJar {
		client.Jar, _ = cookiejar.New(nil)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	// as the measurement did: a response is an ending, whether or not its body comes to one
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode, nil
}

func request(asked scenario) (*http.Request, error) {
	var body io.Reader
	if asked.Body != nil {
		body = strings.NewReader(*asked.Body)
	}
	request, err := http.NewRequest(asked.Method, asked.URL, body)
	if err != nil {
		return nil, err
	}
	for _, field := range append(asked.Headers, asked.Fields...) {
		if field[0] == "Host" {
			request.Host = field[1]
		} else {
			request.Header.Add(field[0], field[1])
		}
	}
	if len(asked.Auth) == 2 {
		request.SetBasicAuth(asked.Auth[0], asked.Auth[1])
	}
	return request, nil
}
