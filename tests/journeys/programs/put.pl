# Uploads a file with Net::FTP: mode version host port user password file name.
use strict;
use warnings;
use Net::FTP;

my ($mode, $version, $host, $port, $user, $password, $file, $name) = @ARGV;
my %tls = $mode eq 'ftp' ? () : (SSL_verify_mode => 0, SSL_version => $version eq 'TLSv1.2' ? 'TLSv1_2' : 'TLSv1_3');
my $client = Net::FTP->new($host, Port => $port, Passive => 1, Timeout => 60, SSL => $mode eq 'ftps', %tls)
    or die "connect: $@";
if ($mode eq 'ftpes') { $client->starttls() or die 'starttls: ' . $client->message; }
$client->login($user, $password) or die 'login: ' . $client->message;
if ($mode ne 'ftp') { $client->prot('P') or die 'prot: ' . $client->message; }
$client->binary();
$client->put($file, $name) or die 'put: ' . $client->message;
$client->quit();
