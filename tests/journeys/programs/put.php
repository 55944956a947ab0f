<?php
// Uploads a file with PHP's own functions: mode version host port user password file name.
[, $mode, , $host, $port, $user, $password, $file, $name] = $argv;
$client = $mode === 'ftp' ? ftp_connect($host, (int) $port) : ftp_ssl_connect($host, (int) $port);
$done = $client && ftp_login($client, $user, $password) && ftp_pasv($client, true)
    && ftp_put($client, $name, $file, FTP_BINARY);
if ($client) {
    ftp_close($client);
}
exit($done ? 0 : 1);
